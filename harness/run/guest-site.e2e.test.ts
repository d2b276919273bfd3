import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { suites } from '../../suites/suites.ts';
import { HarnessFault } from '../lab/harness-fault.ts';
import { guestProductNamed } from '../products/catalogue.ts';
import type { GuestSpec, Runtime } from '../runtime/runtime.ts';
import { uml } from '../runtime/uml.ts';
import { carryOut } from './campaign.ts';
import { noFailure } from './expectation.ts';
import { guestSite } from './guest-site.ts';
import { plan, unsupportedReason } from './plan.ts';
import type { CaseResult } from './result.ts';
import type { Site } from './site.ts';

/** One run three times; what befalls the guest befalls it in the middle one. */
const linux = guestProductNamed('linux')!;
const run = plan(suites, { requirement: 'DUPONT-C2a' }).find((each) => unsupportedReason(each, linux) === undefined)!;
const runs = [run, run, run];

describe('a guest that is lost in the middle of a case', function () {
  this.timeout(60_000);
  let ports: string[] = [];
  let folders: string[] = [];
  let out: string;

  before(function () {
    if (existsSync('/usr/bin/linux.uml')) return;
    console.log('      skipped: there is no user-mode-linux');
    this.skip();
  });
  beforeEach(() => {
    ports = [];
    folders = [];
    out = mkdtempSync(join(tmpdir(), 'touchstone-lost-'));
  });
  afterEach(() => rmSync(out, { recursive: true, force: true }));

  it('by death: the case is an error with the last lines of its console, at once, and the next has a verdict', async () => {
    const [before, lost, after] = await campaign((kernel) => process.kill(kernel, 'SIGKILL'));
    expect(lost!.outcome).to.equal('error');
    expect(lost!.error).to.match(/^guest-died: the guest linux-1 ended \(SIGKILL\)\n(.+\n)+/);
    expect(lost!.readings).to.deep.equal([]);
    expect([before!.outcome, after!.outcome]).to.deep.equal(['delivered', 'delivered']);
    expect(existsSync(join(out, before!.bundle!, 'case.json'))).to.equal(true);
  });

  it('by hanging: the case is an error and no verdict, and the guest that hangs is gone', async () => {
    const [before, lost, after] = await campaign((kernel) => process.kill(-kernel, 'SIGSTOP'));
    expect(lost!.outcome).to.equal('error');
    expect(lost!.error).to.match(/^guest-hangs: the guest linux-1 has stopped answering.*\n(.+\n)+/);
    expect([before!.outcome, after!.outcome]).to.deep.equal(['delivered', 'delivered']);
  });

  it('for good: what ran is kept, and what could not run says why', async () => {
    const mortal: Runtime = { ...uml, boot: (spec) => (ports.length > 0 ? Promise.reject(noMore) : boot(spec)) };
    const [before, lost, after] = await campaign((kernel) => process.kill(kernel, 'SIGKILL'), mortal);
    expect(before!.outcome).to.equal('delivered');
    expect(lost!.error).to.match(/^guest-died/);
    expect(after!.error).to.match(/^site-lost: no other guest could be had: image-failed: no more/);
  });

  async function campaign(befalls: (kernel: number) => void, runtime: Runtime = { ...uml, boot }) {
    const cache = join(homedir(), '.cache', 'touchstone');
    const site = await guestSite({ product: linux, runtime, cache });
    let results: readonly CaseResult[];
    try {
      const sites = [sabotaged(site, 2, () => befalls(kernels()[0]!))];
      results = await carryOut({ runs, sites, facts: () => undefined, seed: '1', out, expectation: noFailure() });
    } finally {
      await site.close();
    }
    expect(kernels(), 'processes left').to.deep.equal([]);
    expect(folders.filter(existsSync), 'folders left').to.deep.equal([]);
    return results;
  }

  async function boot(spec: GuestSpec) {
    ports.push(`srcport=${spec.wires[0]!.guestPort},`);
    const guest = await uml.boot(spec);
    folders.push(/uml_dir=([^\0]+)/.exec(commandLine(String(kernels()[0])))![1]!);
    return guest;
  }

  /** Process ids of this test's guests, the kernel's own first: the one that none of the others began, for numbers come round. */
  function kernels(): number[] {
    const all = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && ports.some((port) => commandLine(name).includes(port)))
      .map(Number);
    const isOwn = (pid: number): boolean => !all.includes(parentOf(pid));
    return all.sort((one, other) => Number(isOwn(other)) - Number(isOwn(one)));
  }
});

const noMore = new HarnessFault('image-failed', 'no more');

/** The site, at which `befalls` is called in the `which`th run, once its node is configured and before anything is played. */
function sabotaged(site: Site, which: number, befalls: () => void): Site {
  let run = 0;
  return {
    ...site,
    version: site.version,
    kernel: site.kernel,
    open: async (...asked) => {
      const opened = await site.open(...asked);
      if (++run !== which) return opened;
      const node = new Proxy(opened.nodes.nut!, {
        get: (target, name) => {
          const member: unknown = Reflect.get(target, name, target);
          if (typeof member !== 'function') return member;
          if (name !== 'configure') return member.bind(target);
          return async (...configuration: unknown[]) => {
            await member.apply(target, configuration);
            befalls();
          };
        },
      });
      return { ...opened, nodes: { nut: node } };
    },
  };
}

/** 0 where it has gone meanwhile. */
function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}
