export { PenaltyPoints, Points } from './Amount';
export { CustomerNameText } from './CustomerNameText';
export { Delayed } from './Delayed';
export { EmptyState } from './EmptyState';
export { ErrorNotice } from './ErrorNotice';
export { Kbd, KeyHint } from './Kbd';
export { StateTag } from './StateTag';
export { StandingIcon, StandingTag, Tag, type Tone } from './Tag';
export { VirtualRows } from './VirtualRows';
