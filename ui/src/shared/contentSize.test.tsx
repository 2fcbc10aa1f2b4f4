import { act, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { useContentSize } from './contentSize';

afterEach(() => vi.unstubAllGlobals());

function Sized() {
  const { ref, width, height } = useContentSize();
  return (
    <div ref={ref} style={{ padding: '10px 30px' }}>
      {width} x {height}
    </div>
  );
}

it('is the size of the element without its padding, whatever the observer reports', () => {
  let report = () => {};
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(callback: ResizeObserverCallback) {
        // As WebKitGTK does at 200 %.
        const contentRect = new DOMRect(0, 0, 1_680, 760);
        report = () => callback([{ contentRect } as ResizeObserverEntry], this as unknown as ResizeObserver);
      }
      observe() {}
      disconnect() {}
    },
  );
  render(<Sized />);
  const box = screen.getByText('0 x 0');
  Object.defineProperties(box, { clientWidth: { value: 900 }, clientHeight: { value: 400 } });
  act(() => report());
  expect(box).toHaveTextContent('840 x 380');
});
