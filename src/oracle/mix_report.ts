// SPDX-License-Identifier: GPL-2.0-only
/** Findings of the consistency oracle in words: which versions met, where, and what changed between. */
import { actorName } from '../kernel/abi/actors.js';
import { KLP_PATCHED, KLP_UNPATCHED, patchStateName } from '../kernel/abi/constants.js';
import type { Scenario } from '../scenario/types.js';
import type { TraceRecord } from '../trace/events.js';
import { NONE, wordFunc, wordVersion } from './frames.js';
import { howName, Names } from './names.js';
import { NEW, OLD, type PatchModel } from './patch_model.js';
import type { TaskSides } from './task_sides.js';
import { Findings, type Site } from './violation.js';

export class MixReport {
  readonly findings = new Findings();
  private readonly names: Names;
  private readonly cpus: number;

  constructor(
    scenario: Scenario,
    private readonly model: PatchModel,
    private readonly tasks: TaskSides,
  ) {
    this.names = new Names(scenario);
    this.cpus = scenario.machine.cpus;
  }

  /** An entry of a version that the task's side does not have. */
  wrongEntry(r: TraceRecord, s: number, side: number): void {
    const { model, names, tasks } = this;
    const func = r.a;
    const expected = model.expected(func, side === OLD ? OLD : NEW);
    const patch = this.patchInQuestion(func, r.b, expected);
    const got = patch < 0 ? NEW : model.sideIn(patch, func, r.b);
    const other = got === NEW ? OLD : NEW;
    const here = this.enterSite(r, got);
    const what = `${sideName(got)} ${names.funcVersion(func, r.b)}`;
    const frame = patch < 0 ? NONE : tasks.frameOnSide(s, patch, other);
    const signature = `${func} ${r.b} ${expected}`;
    if (frame !== NONE) {
      const word = tasks.frames.word[frame] as number;
      this.add('KLP-MIX', `${signature} ${word}`, r, {
        summary: `ran ${what} while ${sideName(other)} ${this.named(word)} was on its stack`,
        sites: [this.frameSite(frame, other), here],
        hint: this.switchHint(s),
      });
    } else if (patch >= 0 && tasks.questionedInUnit(s) >= 0) {
      this.add('KLP-MIX-UNIT', signature, r, {
        summary: `ran ${what} after ${sideName(other)} ${names.func(tasks.questionedInUnit(s))} with no switch point between`,
        sites: [...this.unitSite(s, other), here],
        hint: this.switchHint(s),
      });
    } else {
      this.add('KLP-WRONG-VERSION', signature, r, {
        summary: `ran ${names.funcVersion(func, r.b)} where ${names.version(expected)} was due: ${this.whyDue(func, side)}`,
        sites: [here],
        hint: this.switchHint(s),
      });
    }
  }

  /** A right entry of a task that was switched where it must not be. */
  mixedAfterSwitch(r: TraceRecord, s: number): void {
    const { model, names, tasks } = this;
    const side = model.sideIn(model.patch, r.a, r.b);
    const other = side === NEW ? OLD : NEW;
    const what = `${sideName(side)} ${names.funcVersion(r.a, r.b)}`;
    const here = this.enterSite(r, side);
    const frame = tasks.frameOnSide(s, model.patch, other);
    if (frame !== NONE) {
      const word = tasks.frames.word[frame] as number;
      this.add('KLP-MIX', `${r.a} ${r.b} ${word}`, r, {
        summary: `ran ${what} while ${sideName(other)} ${this.named(word)} was on its stack`,
        sites: [this.frameSite(frame, other), this.switchSite(s), here],
        hint: this.switchHint(s),
      });
    } else if (tasks.suspect[s] === 1) {
      this.add('KLP-MIX-UNIT', `${r.a} ${r.b}`, r, {
        summary: `ran ${what} after ${sideName(other)} ${names.func(tasks.questionedInUnit(s))} with no switch point between`,
        sites: [...this.unitSite(s, other), this.switchSite(s), here],
        hint: this.switchHint(s),
      });
    }
  }

  /** A task was switched with a frame of the version that it leaves on its stack. */
  switchOnStack(r: TraceRecord, frame: number, left: number): void {
    const word = this.tasks.frames.word[frame] as number;
    const how = howName(r.d);
    this.findings.add('KLP-SWITCH-ON-STACK', `${word} ${r.c} ${r.d}`, () => ({
      summary: `was switched to ${patchStateName(r.c)} by ${how} while ${sideName(left)} ${this.named(word)} was on its stack`,
      sites: [
        this.frameSite(frame, left),
        {
          label: 'switched',
          seq: r.seq,
          actor: r.actor,
          text: `patch_state=${patchStateName(r.c)} (${how})`,
        },
      ],
      task: r.a,
      cpu: null,
      seq: r.seq,
    }));
  }

  /** Calls and returns that do not fit: the trace or the text is broken. */
  nesting(r: TraceRecord, what: string, top: number): void {
    const { names } = this;
    const site: Site = { label: 'record', seq: r.seq, actor: r.actor, text: names.funcVersion(r.a, r.b) };
    this.findings.add('TRACE-NESTING', `${what} ${r.a} ${r.b}`, () => ({
      summary: `${what}: ${names.funcVersion(r.a, r.b)}`,
      sites: top === NONE ? [site] : [this.frameSite(top, NEW, 'innermost'), site],
      task: r.task,
      cpu: this.cpuOf(r.actor),
      seq: r.seq,
    }));
  }

  /** The patch between whose sides the two versions lie. -1: none that is live. */
  private patchInQuestion(func: number, got: number, expected: number): number {
    const { model } = this;
    if (model.patch >= 0 && model.isQuestioned(func) && model.sideIn(model.patch, func, got) >= 0)
      return model.patch;
    const upper = Math.max(model.live.indexOf(got - 1), model.live.indexOf(expected - 1));
    const patch = upper < 0 ? -1 : (model.live[upper] as number);
    return patch >= 0 && model.sideIn(patch, func, got) >= 0 ? patch : -1;
  }

  private whyDue(func: number, side: number): string {
    const { model, names } = this;
    if (model.patch < 0) return 'no transition was running';
    if (!model.isQuestioned(func)) return `the transition of ${names.patch(model.patch)} does not change it`;
    const state = patchStateName(side === NEW ? KLP_PATCHED : KLP_UNPATCHED);
    return `the task was ${state} in the transition of ${names.patch(model.patch)}`;
  }

  private named(word: number): string {
    return this.names.funcVersion(wordFunc(word), wordVersion(word));
  }

  private enterSite(r: TraceRecord, side: number): Site {
    const label = `${sideName(side)} ${this.names.func(r.a)}`;
    return { label, seq: r.seq, actor: r.actor, text: `entered ${this.names.version(r.b)}` };
  }

  private frameSite(frame: number, side: number, label?: string): Site {
    const { frames } = this.tasks;
    const word = frames.word[frame] as number;
    return {
      label: label ?? `${sideName(side)} ${this.names.func(wordFunc(word))}`,
      seq: frames.seq[frame] as number,
      actor: frames.actor[frame] as number,
      text: `entered ${this.names.version(wordVersion(word))}`,
    };
  }

  private unitSite(s: number, side: number): Site[] {
    const { tasks, names } = this;
    const word = tasks.lastWord[s] as number;
    if (word === NONE) return [];
    const label = `${sideName(side)} ${names.func(wordFunc(word))}`;
    const text = `entered ${names.version(wordVersion(word))}`;
    return [{ label, seq: tasks.lastSeq[s] as number, actor: tasks.lastActor[s] as number, text }];
  }

  private switchSite(s: number): Site {
    const { tasks } = this;
    const text = `patch_state changed (${howName(tasks.switchHow[s] as number)})`;
    return {
      label: 'switched',
      seq: tasks.switchSeq[s] as number,
      actor: tasks.switchActor[s] as number,
      text,
    };
  }

  private switchHint(s: number): string | undefined {
    const { tasks } = this;
    if (tasks.switchSeq[s] === 0) return undefined;
    const actor = tasks.switchActor[s] as number;
    const by = actorName(this.cpus, actor);
    return `patch_state last changed at #${tasks.switchSeq[s]} by ${by} (${howName(tasks.switchHow[s] as number)})`;
  }

  private cpuOf(actor: number): number | null {
    return actor < this.cpus ? actor : null;
  }

  private add(
    code: string,
    signature: string,
    r: TraceRecord,
    text: { summary: string; sites: Site[]; hint: string | undefined },
  ): void {
    const { hint, ...rest } = text;
    this.findings.add(code, signature, () => ({
      ...rest,
      task: r.task,
      cpu: this.cpuOf(r.actor),
      seq: r.seq,
      ...(hint === undefined ? {} : { hint }),
    }));
  }
}

function sideName(side: number): string {
  return side === NEW ? 'new' : 'old';
}
