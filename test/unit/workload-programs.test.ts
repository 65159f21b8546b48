// SPDX-License-Identifier: GPL-2.0-only
/** What tasks run outside of functions: the loops of programs, and the stubs at the start of text. */
import { describe, expect, it } from 'vitest';
import { FROM_INTERRUPT, FROM_SYSCALL } from '#src/kernel/text/entry.js';
import type { ProgramSpec } from '#src/scenario/types.js';
import { type Linked, link } from '#src/workload/assemble.js';
import { disassemble } from '../support/disassemble.js';
import { fn, tinyScenario } from '../support/tiny_scenario.js';

const BASE = 64;
const FOREVER = 0xffffff;

function linked(programs: ProgramSpec[], idleCalls: string[] = []): Linked {
  return link(tinyScenario({ functions: [fn('f'), fn('g')], patches: [], programs, idleCalls }), BASE);
}

function at(text: Linked, address: number, words: number): string[] {
  return disassemble(text.words.slice(address - BASE, address - BASE + words));
}

const user: ProgramSpec = {
  kind: 'user',
  name: 'u',
  tasks: 1,
  syscalls: [{ fn: 'f', weight: 1 }],
  userWork: 7,
  lifetime: 3,
};

function kthread(switchPoint: boolean, sleepMs: number): ProgramSpec {
  return { kind: 'kthread', name: 'k', tasks: 1, calls: [{ fn: 'f', weight: 1 }], switchPoint, sleepMs };
}

describe('a program', () => {
  it('of kind user works, enters the kernel, counts its life, and loops', () => {
    const text = linked([user]);
    const { entry, life } = text.programs[0] ?? { entry: 0, life: 0 };
    expect(at(text, entry, 5)).toEqual(['USER_WORK 7', 'SYSCALL_RND', 'LIFE', 'EXIT_TASK', `JMP ${entry}`]);
    expect(life).toBe(3);
  });

  it('of kind kthread loops in the kernel, with or without a switch point and a sleep', () => {
    const text = linked([user, kthread(true, 4), kthread(false, 0)]);
    const [, first, second] = text.programs;
    expect(at(text, first?.entry ?? 0, 5)).toEqual([
      'KTHREAD_POINT 1',
      'CALL_RND 1',
      'SLEEP 4',
      'SLEEP_END',
      `JMP ${first?.entry}`,
    ]);
    expect(at(text, second?.entry ?? 0, 3)).toEqual(['KTHREAD_POINT', 'CALL_RND 2', `JMP ${second?.entry}`]);
    expect(text.words).toHaveLength((second?.entry ?? 0) - BASE + 3);
  });

  it('of kind sleeper has no text of its own: it sleeps for good', () => {
    const text = linked([{ kind: 'sleeper', name: 's', tasks: 1, stack: ['f'] }]);
    expect(text.programs[0]).toEqual({ entry: text.sleeperText, life: 0 });
    expect(at(text, text.sleeperText, 3)).toEqual([
      `SLEEP_D ${FOREVER}`,
      'SLEEP_END',
      `JMP ${text.sleeperText}`,
    ]);
  });
});

describe('the stubs', () => {
  const text = linked([user], ['f', 'g']);

  it('leave the kernel from a system call, and from an interrupt', () => {
    expect(FROM_SYSCALL).toBe(0);
    expect(at(text, text.retToUser, 2)).toEqual(['RET_TO_USER', `RET_TO_USER ${FROM_INTERRUPT}`]);
  });

  it('hold a task that cannot go on', () => {
    expect(at(text, text.oopsEnd, 3)).toEqual([`SLEEP_D ${FOREVER}`, 'SLEEP_END', `JMP ${text.oopsEnd}`]);
  });

  it('sleep for a moment in the torture stutter, then leave the kernel', () => {
    expect(at(text, text.stutterText, 3)).toEqual(['SLEEP 5', 'SLEEP_END', `RET_TO_USER ${FROM_INTERRUPT}`]);
  });

  it('are the loops of kworker/N and cpuhp/N', () => {
    expect(at(text, text.kworkerText, 1)).toEqual(['WORKER']);
    expect(at(text, text.cpuhpText, 1)).toEqual(['CPUHP']);
  });

  it('are the pass of the idle task: its calls in order, then the end', () => {
    const [f, g] = text.functions;
    expect(at(text, text.idleText, 3)).toEqual([`CALL ${f?.entry}`, `CALL ${g?.entry}`, 'IDLE_END']);
    expect(text.idleEnd).toBe(text.idleText + 2);
    expect(linked([user]).idleText).toBe(0);
  });

  it('lie before the first function', () => {
    for (const idleCalls of [[], ['f'], Array<string>(40).fill('g')]) {
      const t = linked([user], idleCalls);
      expect(t.idleEnd).toBeLessThan(t.functions[0]?.entry ?? 0);
    }
  });
});
