// SPDX-License-Identifier: GPL-2.0-only
/** Entry point of the process of one row: measures it once and reports to its parent. */
import { rowByName } from './rows/index.js';
import type { RowReply, RowRequest } from './run_row.js';

async function measure({ name, options }: RowRequest): Promise<RowReply> {
  const row = rowByName(name);
  if (row === undefined) return { error: `no row ${name}` };
  try {
    return { measured: await row.run(options) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

process.once('message', (request: RowRequest) => {
  measure(request).then((reply) => process.send?.(reply, () => process.disconnect()));
});
