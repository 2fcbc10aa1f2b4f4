import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { formatIsoDate } from '../../shared/time';
import { openScreen } from '../../testing/places';
import { renderApp } from '../../testing/render';

// Importing the charting library takes longer than all these tests; the real window shows the charts in its tests.
vi.mock('./charts', () => ({ TrendChart: () => null, HeatMap: () => null }));

async function openPeriod(scenario: Parameters<typeof renderApp>[0] = {}) {
  const app = await renderApp(scenario);
  await openScreen(app.user, 'period');
  await screen.findByTestId('period-screen');
  return app;
}

const cellsOf = (testId: string) =>
  within(screen.getByTestId(testId))
    .getAllByRole('cell')
    .map(({ textContent }) => textContent);

describe('The report of a period', () => {
  it('has the same numbers as the day, and divides them by what is chosen', async () => {
    const app = await openPeriod();
    await screen.findByTestId('period-table-visits');
    await app.user.click(screen.getByTestId('period-months12'));
    const rows = () => within(screen.getByTestId('period-table-points')).getAllByRole('row').length;
    // Thirteen months, at the end of a month twelve, between the header and the total.
    await waitFor(() => expect([14, 15]).toContain(rows()));
    const total = cellsOf('period-total-points');
    expect(total[0]).not.toBe('0');
    await app.user.click(screen.getByTestId('period-unit-week'));
    await waitFor(() => expect(rows()).toBeGreaterThan(53));
    expect(cellsOf('period-total-points')).toEqual(total);

    const today = formatIsoDate(Date.now());
    const { lines } = await app.backend.period({ from: today, to: today, unit: 'day', topBy: 'visits' });
    const day = await app.backend.day(today);
    expect(lines).toEqual(day.report.lines.filter(({ item }) => item !== 'given'));
  });

  it('shows customers by what is chosen, and opens the history of one', async () => {
    const app = await openPeriod();
    await app.user.click(screen.getByTestId('period-months12'));
    await app.user.click(await screen.findByTestId('period-by-penaltyPoints'));
    const first = () => {
      const row = within(screen.getByTestId('period-customers')).getAllByRole('row')[1] as HTMLElement;
      return within(row);
    };
    await waitFor(() => expect(Number(first().getAllByRole('cell')[3]?.textContent)).toBeGreaterThan(0));
    await app.user.click(first().getByRole('button'));
    expect(await screen.findByTestId('mypage-chart')).toBeInTheDocument();
  });

  it('exports a table as a job', async () => {
    const app = await openPeriod();
    await app.user.click(await screen.findByTestId('period-export-occupancy'));
    expect(await screen.findByText(/흡연구역-보고서\.csv/)).toBeInTheDocument();
  });

  it('is empty before anything has happened, and says what to do', async () => {
    const app = await openPeriod({ seed: 'empty' });
    await app.user.click(within(await screen.findByTestId('empty')).getByRole('button'));
    await app.user.click(await screen.findByText('데스크로'));
    expect(await screen.findByTestId('search')).toBeInTheDocument();
  });

  it('says why it cannot be shown, and tries again', async () => {
    await openPeriod({ mypageFailure: 'mypage_unreachable' });
    expect(await screen.findByRole('alert')).toBeInTheDocument();
    expect(screen.queryByTestId('period-table-visits')).toBeNull();
  });

  it('is not offered to staff', async () => {
    const app = await renderApp({ role: 'staff' });
    await openScreen(app.user, 'day');
    await screen.findByTestId('day-table');
    expect(screen.queryByTestId('tab-period')).toBeNull();
  });
});
