// SPDX-License-Identifier: GPL-2.0-only
/** What `npm run profile` profiles: the command line, whose arguments follow the name of the thread to look at. */
import { keepLogOf, profiledThreads } from './profile_threads.js';

const [name] = process.argv.splice(2, 1);
const thread = profiledThreads.find((t) => t.name === name);
/* All other threads have ended by then. */
if (thread !== undefined) process.on('exit', () => keepLogOf(thread, process.cwd(), process.pid));

await import('../src/cli/main.js');
