import { Component, type ReactNode } from 'react';
import { type AppError, asAppError } from '../backend';
import { ErrorNotice } from '../shared/parts';
import classes from './app.module.css';

interface State {
  error: AppError | null;
}

/** A screen that fails to draw says so in its place; the others and the rail go on working. */
export class ScreenBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(thrown: unknown): State {
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
