import { useEffect, useState } from 'react';

interface Size {
  width: number;
  height: number;
}

const NOTHING: Size = { width: 0, height: 0 };

function contentSizeOf(element: HTMLElement): Size {
  const { paddingLeft, paddingRight, paddingTop, paddingBottom } = getComputedStyle(element);
  const px = (text: string) => Number.parseFloat(text) || 0;
  return {
    width: element.clientWidth - px(paddingLeft) - px(paddingRight),
    height: element.clientHeight - px(paddingTop) - px(paddingBottom),
  };
}

/**
 * Returns the size of an element's content, for the element with this ref; 0 before it is known. The size is read from
 * the element: what WebKitGTK's ResizeObserver reports is multiplied by the zoom.
 */
export function useContentSize() {
  const [element, ref] = useState<HTMLElement | null>(null);
  const [size, setSize] = useState(NOTHING);
  useEffect(() => {
    if (!element) return;
    const observer = new ResizeObserver(() => {
      const next = contentSizeOf(element);
      setSize((now) => (now.width === next.width && now.height === next.height ? now : next));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return { ref, ...size };
}
