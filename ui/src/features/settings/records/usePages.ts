import { useInfiniteQuery } from '@tanstack/react-query';

interface Page {
  next: string | null;
}

const EMPTY_PAGES_MAX = 20;

/**
 * Reads a list page by page. A page may be short or empty and still have a next one, so it reads on until something has
 * come, but not for ever.
 */
export function usePages<P extends Page>(
  key: readonly unknown[],
  read: (cursor: string | undefined) => Promise<P>,
  isEmpty: (page: P) => boolean,
) {
  return useInfiniteQuery({
    queryKey: key,
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam }) => {
      let page = await read(pageParam);
      for (let tries = 0; isEmpty(page) && page.next !== null && tries < EMPTY_PAGES_MAX; tries += 1) {
        page = await read(page.next);
      }
      return page;
    },
    getNextPageParam: (last) => last.next ?? undefined,
    // Never shown from an earlier look.
    gcTime: 0,
  });
}
