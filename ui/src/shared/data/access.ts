import { useQuery } from '@tanstack/react-query';
import { useBackend } from '../../backend';

export const ACCESS_STATUS_KEY = ['accessLogStatus'] as const;

/** Polls, because no event is sent when the file can't be written, or when a month has passed. */
const POLL_MS = 60_000;

/** The state of the access log's file; every desk says so when it can't be written. */
export function useAccessLogStatus() {
  const backend = useBackend();
  return useQuery({
    queryKey: ACCESS_STATUS_KEY,
    queryFn: () => backend.accessLogStatus(),
    refetchInterval: POLL_MS,
  });
}
