export { DateRangeFields } from './DateRangeFields';
export { type DateRange, monthsBefore, parseDate } from './range';
