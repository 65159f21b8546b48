// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { preset, soakUntil } from '../support/soaking.js';

/* Each of these is caught on real threads, with its own code; mainline passes the same scenario in test/soak. */
describe('a design that is wrong', () => {
  it.each([
    ['online-only', 'hotplug', 'KLP-MISSED-SWITCH', 'an idle task'],
    ['busted-init-online', 'hotplug', 'KLP-STALE', 'an idle task'],
    ['busted-complete-online', 'hotplug', 'KLP-STALE', 'an idle task'],
    ['busted-start-online', 'hotplug', 'KLP-MISSED-SWITCH', 'an idle task'],
    ['busted-try-online', 'hotplug', 'KLP-TIF-LEFT', 'an idle task'],
    ['busted-fork-flag-only', 'forkstorm', 'KLP-UNDEF', 'a task'],
    ['fork-fix-v1', 'forkstorm', 'KLP-STRAY-SWITCH', 'a task'],
    ['busted-switch-running', 'hotplug', 'KLP-MIX-UNIT', 'an idle task'],
    ['mainline-4.12', 'forkstorm', 'KLP-NO-FLAG', 'a child'],
  ])('%s is caught in %s with %s', async (protocol, scenario, code, who) => {
    const result = await soakUntil(preset(scenario, { protocol }), { code });
    expect(result.verdict).toBe('fail');
    const found = result.violations.find((v) => v.code === code);
    const task = found?.task ?? 0;
    if (who === 'an idle task') expect(task > -100 && task < 0).toBe(true);
    else if (who === 'a child') expect(found?.summary).toContain('forked');
    else expect(task).toBeGreaterThan(0);
  });
});
