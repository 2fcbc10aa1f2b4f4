export { useEditWords } from './editWords';
export { customerAfter, type Deed, lastUndoable, type Step, undoOf } from './steps';
export { UndoDialog } from './UndoDialog';
export { lastEditUndo, UndoProvider, useUndoHistory } from './UndoProvider';
export { type Undoing, useUndo } from './useUndo';
