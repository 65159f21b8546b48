// SPDX-License-Identifier: GPL-2.0-only
/** What a thread of a machine with a changed kernel runs in place of the modules that it was built with. */
import type * as actors from '../../machine/actors.js';
import type * as view from '../../machine/view.js';

export interface Modules {
  readonly actors: typeof actors;
  readonly view: typeof view;
}

/** `tree`: URL of the tree `plain` of a compiled kernel, with a slash at its end. */
export async function loadActors(tree: string): Promise<Modules> {
  return {
    actors: (await import(new URL('machine/actors.js', tree).href)) as typeof actors,
    view: (await import(new URL('machine/view.js', tree).href)) as typeof view,
  };
}
