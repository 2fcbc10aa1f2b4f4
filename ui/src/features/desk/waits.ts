/** How long an action waits for the customer who is being searched for. */
export const SEARCH_WAIT_MS = 500;
/** How long the keys after an action wait for its dialog to take the cursor. */
export const FOCUS_WAIT_MAX_MS = 500;
