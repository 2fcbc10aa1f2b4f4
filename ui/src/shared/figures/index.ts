export { FigureTable, unitOf, useLineName } from './FigureTable';
