import type { AreaOccupancy, Occupancy, Occupant } from '../../backend';

export type InsideRow =
  | { kind: 'area'; key: string; number: number; occupancy: AreaOccupancy; isFolded: boolean }
  | { kind: 'person'; key: string; occupant: Occupant; occupancy: AreaOccupancy; showArea: boolean }
  | { kind: 'nobody'; key: string }
  | { kind: 'space'; key: string };

export type PersonInside = Extract<InsideRow, { kind: 'person' }>;

/** From this many people inside on, the areas are folded at first. */
export const FOLDED_FROM = 100;

/** Returns the people inside, grouped by area. Of a folded area only the head is shown, with its count. */
export function rowsByArea(
  { areas }: Occupancy,
  isFolded: (areaId: string) => boolean = () => false,
): InsideRow[] {
  return areas.flatMap((occupancy, index): InsideRow[] => {
    const { areaId } = occupancy.area;
    const head: InsideRow = {
      kind: 'area',
      key: areaId,
      number: index + 1,
      occupancy,
      isFolded: isFolded(areaId),
    };
    if (head.isFolded) return [head, { kind: 'space', key: `${areaId} space` }];
    return [
      head,
      ...occupancy.inside.map(
        (occupant): InsideRow => ({
          kind: 'person',
          key: occupant.visitId,
          occupant,
          occupancy,
          showArea: false,
        }),
      ),
      ...(occupancy.inside.length === 0 ? [{ kind: 'nobody' as const, key: `${areaId} nobody` }] : []),
      { kind: 'space', key: `${areaId} space` },
    ];
  });
}

/** Returns the people in all areas, the longest stay first. */
export const rowsByAge = ({ areas }: Occupancy): InsideRow[] => peopleByAge(areas);

export function peopleByAge(areas: readonly AreaOccupancy[]): PersonInside[] {
  return areas
    .flatMap((occupancy) => occupancy.inside.map((occupant) => ({ occupant, occupancy })))
    .sort((a, b) => a.occupant.since - b.occupant.since)
    .map(({ occupant, occupancy }) => ({
      kind: 'person',
      key: occupant.visitId,
      occupant,
      occupancy,
      showArea: true,
    }));
}

export function heightOfRow(row: InsideRow): number {
  switch (row.kind) {
    case 'area':
      return row.occupancy.area.capacity === null ? 40 : 48;
    case 'person':
      return row.showArea ? (row.occupant.forgotten ? 72 : 44) : row.occupant.forgotten ? 54 : 26;
    case 'nobody':
      return 26;
    case 'space':
      return 7;
  }
}
