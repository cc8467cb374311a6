/** Where one stands in a piece of work: a stepper for a fixed order, a task list for any order. */

import type { ComponentChildren, VNode } from 'preact';
import { useText } from './language.ts';
import { Tag, type TagMark, type TagTone } from './tag.tsx';

export interface Step {
  readonly label: ComponentChildren;
  readonly state: 'done' | 'current' | 'todo';
  /** Lets the reader go back to a step. */
  readonly href?: string | undefined;
}

export interface StepperProps {
  readonly steps: readonly Step[];
  readonly label?: string | undefined;
}

export function Stepper({ steps, label }: StepperProps): VNode {
  const t = useText();
  return (
    <nav class="stepper" aria-label={label ?? t('stepper.label')}>
      <ol class="stepper__list">
        {steps.map((step, index) => (
          <li class={`stepper__step stepper__step--${step.state}`} key={index} aria-current={step.state === 'current' ? 'step' : undefined}>
            <span class="stepper__text">
              {step.href === undefined || step.state === 'current' ? step.label : <a href={step.href}>{step.label}</a>}
              {step.state === 'done' ? <span class="visually-hidden"> ({t('stepper.done')})</span> : null}
            </span>
          </li>
        ))}
      </ol>
    </nav>
  );
}

export interface Task {
  readonly title: ComponentChildren;
  /** Absent while the task cannot be started. */
  readonly href?: string | undefined;
  readonly hint?: ComponentChildren | undefined;
  readonly status: { readonly label: string; readonly tone?: TagTone | undefined; readonly mark?: TagMark | undefined };
}

/** `id` keeps the ids of two lists on one page apart. */
export function TaskList({ tasks, id = 'task' }: { readonly tasks: readonly Task[]; readonly id?: string | undefined }): VNode {
  return (
    <ul class="task-list">
      {tasks.map((task, index) => {
        const own = `${id}-${index + 1}`;
        return (
          <li class="task-list__item" key={index}>
            <div class="task-list__text">
              {task.href === undefined ? (
                <span>{task.title}</span>
              ) : (
                <a class="task-list__link" href={task.href} aria-describedby={task.hint === undefined ? `${own}-status` : `${own}-hint ${own}-status`}>
                  {task.title}
                </a>
              )}
              {task.hint === undefined ? null : (
                <div class="task-list__hint" id={`${own}-hint`}>
                  {task.hint}
                </div>
              )}
            </div>
            <div class="task-list__status" id={`${own}-status`}>
              <Tag tone={task.status.tone} mark={task.status.mark}>
                {task.status.label}
              </Tag>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
