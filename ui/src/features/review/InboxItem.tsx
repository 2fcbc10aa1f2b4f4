import { UnstyledButton } from '@mantine/core';
import { ChevronDown, ChevronRight, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Command } from '../../backend';
import { RecordConfirm } from '../../shared/parts';
import classes from './Review.module.css';

/** An act of the inbox that somebody confirms. */
export interface Asked {
  title: string;
  text: string;
  command: Command;
}

/** One item of the inbox: a head that opens and closes it, its body, and the question before an act is recorded. */
export function InboxItem({
  name,
  marks,
  icon: Icon,
  title,
  who,
  isOpen,
  onToggle,
  asked,
  onAnswered,
  children,
}: {
  /** Begins the ids for tests. */
  name: 'case' | 'edit';
  /** Tells the item from others of its name. */
  marks: Readonly<Record<`data-${string}`, string>>;
  icon: LucideIcon;
  title: string;
  who: ReactNode;
  isOpen: boolean;
  onToggle: () => void;
  asked: Asked | null;
  onAnswered: () => void;
  children: ReactNode;
}) {
  return (
    <li className={classes.case} data-testid={name} {...marks}>
      <UnstyledButton
        className={classes.caseHead}
        aria-expanded={isOpen}
        data-testid={`${name}-open`}
        onClick={onToggle}
      >
        <Icon size={18} strokeWidth={1.75} aria-hidden className={classes.caseIcon} />
        <span className={classes.caseText}>
          <strong>{title}</strong>
          <span className={classes.caseWho}>{who}</span>
        </span>
        {isOpen ? <ChevronDown size={18} aria-hidden /> : <ChevronRight size={18} aria-hidden />}
      </UnstyledButton>
      {isOpen && <div className={classes.caseBody}>{children}</div>}
      {asked && (
        <RecordConfirm
          title={asked.title}
          text={asked.text}
          submit={asked.title}
          command={asked.command}
          testid={`${name}-confirm`}
          onClose={onAnswered}
          onDone={onAnswered}
        />
      )}
    </li>
  );
}
