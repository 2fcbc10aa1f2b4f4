import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import type { i18n } from 'i18next';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { I18nextProvider } from 'react-i18next';
import { type Backend, BackendProvider } from '../backend';
import { ClosingProvider } from '../shared/closing';
import { createQueryClient } from '../shared/data/queries';
import { JobsProvider } from '../shared/jobs';
import { NotesProvider } from '../shared/notes';
import { cssVariablesResolver, theme } from '../shared/theme/theme';
import { CloseDialog } from './CloseDialog';
import { gateBackend } from './gateBackend';

interface Props {
  backend: Backend;
  i18n: i18n;
  children: ReactNode;
}

/** The React contexts that every screen needs, in the program and in tests. */
export function Providers({ backend, i18n, children }: Props) {
  const [queryClient] = useState(createQueryClient);
  const gate = useMemo(() => gateBackend(backend), [backend]);
  useEffect(() => () => gate.close(), [gate]);
  return (
    <I18nextProvider i18n={i18n}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariablesResolver}
        defaultColorScheme="light"
        env={import.meta.env.MODE === 'test' ? 'test' : 'default'}
      >
        <QueryClientProvider client={queryClient}>
          <BackendProvider backend={gate.backend}>
            <JobsProvider>
              <NotesProvider>
                <ClosingProvider>
                  {children}
                  <CloseDialog />
                </ClosingProvider>
              </NotesProvider>
            </JobsProvider>
          </BackendProvider>
        </QueryClientProvider>
      </MantineProvider>
    </I18nextProvider>
  );
}
