import { Component, type ReactNode } from 'react';
import { type AppError, asAppError } from '../backend';
import { ErrorNotice } from '../shared/parts';
import classes from './app.module.css';

interface BoundaryState {
  error: AppError | null;
}

/** Error boundary of a screen: shows the error in place of the screen. The rail and the other screens still work. */
export class ScreenBoundary extends Component<{ children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { error: null };

  static getDerivedStateFromError(thrown: unknown): BoundaryState {
    return { error: asAppError(thrown) };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div className={classes.broken}>
        <ErrorNotice error={error} onRetry={() => this.setState({ error: null })} />
      </div>
    );
  }
}
