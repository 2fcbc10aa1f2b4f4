import { useQuery } from '@tanstack/react-query';
import { type AppError, type LinkedCustomer, useBackend } from '../../backend';
import { keys } from './queries';

/** Queries the other ids of a person. */
export function useLinkedCustomers(customerId: string) {
  const backend = useBackend();
  return useQuery<LinkedCustomer[], AppError>({
    queryKey: [...keys.customers, 'linked', customerId],
    queryFn: () => backend.linkedCustomers(customerId),
    gcTime: 0,
  });
}
