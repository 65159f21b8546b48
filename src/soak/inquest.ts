// SPDX-License-Identifier: GPL-2.0-only
/** What the watchdog has found over a run, and what it makes of it: when to give up, and what to tell the oracles. */
import { transitionFinding } from '../inspect/hung.js';
import { Watchdog } from '../inspect/watchdog.js';
import { actorName } from '../machine/plan.js';
import type { MachineShared } from '../machine/view.js';
import type { HungFinding, RunEnd } from '../oracle/oracle.js';
import type { StopReason } from '../report/result.js';
import type { WatchdogResult } from '../report/watchdog.js';
import type { Scenario } from '../scenario/types.js';

export class Inquest {
  private readonly watchdog: Watchdog;
  private hung: HungFinding[] = [];
  private picture: Pick<WatchdogResult, 'actors' | 'owners'> | null = null;

  constructor(
    private readonly shared: MachineShared,
    private readonly limits: Scenario['limits'],
    nowMs: number,
  ) {
    this.watchdog = new Watchdog(shared, nowMs);
  }

  /** One look. A text when the run has no future: something stands still for longer than the scenario allows. */
  look(nowMs: number): string | null {
    const stalls = this.watchdog.stalls(nowMs, this.limits.hungActorS * 1000);
    const transition = this.watchdog.hungTransition(
      nowMs - this.shared.bootMs,
      this.limits.hungTransitionS * 1000,
    );
    if (stalls.length === 0 && transition === null) return null;
    this.takePicture(nowMs);
    this.hung = stalls.map((s): HungFinding => {
      const snapshot = this.picture?.actors.find((a) => a.actor === s.actor);
      return {
        kind: s.actor < this.shared.plan.nrCpus ? 'cpu' : 'control',
        actor: s.actor,
        name: actorName(this.shared.plan, s.actor),
        state: s.state,
        object: snapshot?.object ?? '',
        sinceMs: s.sinceMs,
        owners: this.picture?.owners ?? [],
        pendingTasks: [],
      };
    });
    if (transition !== null)
      this.hung.push(transitionFinding(this.shared, transition, this.picture?.owners ?? []));
    return this.reason();
  }

  takePicture(nowMs: number): void {
    this.picture ??= { actors: this.watchdog.actors(nowMs), owners: this.watchdog.owners() };
  }

  reason(): string | null {
    const first = this.hung[0];
    if (first === undefined) return null;
    const seconds = (first.sinceMs / 1000).toFixed(1);
    if (first.kind !== 'transition')
      return `${first.name} (${first.state}) has made no progress for ${seconds} s`;
    const who = first.pendingTasks.slice(0, 4).map((t) => t.name);
    const names = who.length === 0 ? 'no task is pending' : `pending: ${who.join(', ')}`;
    return `the transition of ${first.name} has run for ${seconds} s (${names})`;
  }

  runEnd(stop: StopReason, dropped: number): RunEnd {
    return { stopped: stop.kind, hung: this.hung, dropped };
  }

  result(): WatchdogResult | null {
    if (this.hung.length === 0 && this.picture === null) return null;
    return { findings: this.hung, actors: this.picture?.actors ?? [], owners: this.picture?.owners ?? [] };
  }
}
