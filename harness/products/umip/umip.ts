/**
 * The product `umip`: mip6d, the Mobile IPv6 daemon of UMIP, as correspondent node, home agent or mobile node on the guest's own kernel. No Debian ships
 * it, so a person brings a built one; without it nothing is supported.
 */
import type { Daemon, DaemonAdapter } from '../kit/guest-product.ts';
import { broughtFiles, noneGiven } from './folder.ts';
import { Mip6d } from './mip6d.ts';
import { printedRendering, render, type UmipRendering, unsupported } from './render.ts';

/** With the folder that holds a built mip6d. */
export function umip(folder?: string): DaemonAdapter<UmipRendering> {
  if (folder === undefined) return { ...common, unsupported: () => noneGiven, starts: async () => absent };
  return {
    ...common,
    unsupported,
    requireBrought: () => void broughtFiles(folder),
    starts: async (console) => daemonOf(await Mip6d.brought(console, broughtFiles(folder), folder)),
  };
}

const common = { render, printed: printedRendering };

function daemonOf(mip6d: Mip6d): Daemon<UmipRendering> {
  return {
    version: mip6d.version,
    empties: () => mip6d.empties(),
    loads: (rendering) => mip6d.loads(rendering),
    perform: () => undefined,
    completed: (kernel) => mip6d.completed(kernel),
    askedNonsense: () => mip6d.askedNonsense(),
    log: () => mip6d.log(),
  };
}

/** Where none was brought: the guest alone, which is told nothing. */
const absent: Daemon<UmipRendering> = {
  version: 'no mip6d',
  empties: async () => true,
  loads: async () => [],
  perform: () => undefined,
  completed: async (kernel) => kernel,
  askedNonsense: async () => ({ channel: 'mip6d', refused: true, says: noneGiven }),
  log: async () => '',
};
