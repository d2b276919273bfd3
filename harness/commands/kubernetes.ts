/** `touchstone kubernetes`: a campaign as a manifest. Whatever `run` would refuse is refused before anything is written. */
import { writeWhole } from '../files/file.ts';
import { jobText } from '../kubernetes/manifest.ts';
import { plan } from '../run/plan.ts';
import { runtimeFor } from '../runtime/runtimes.ts';
import { UsageFault } from '../usage-fault.ts';
import type { Composition } from './composition.ts';
import type { RunOptions } from './run-options.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';

export interface KubernetesOptions {
  readonly name: string;
  readonly image: string;
  readonly claim: string;
  readonly shards: number;
  readonly file?: string | undefined;
  /** What the person gave that is of the campaign, word by word. */
  readonly argv: readonly string[];
}

/** Throws `UsageFault` where there is nothing for a shard to do, or a pod could not run it. */
export function kubernetes(
  { file, ...job }: KubernetesOptions,
  campaign: RunOptions,
  { suites, products }: Composition,
  { out, err }: Surroundings,
): ExitCode {
  const runs = plan(suites, campaign);
  if (runs.length < job.shards)
    throw new UsageFault(`--shards ${job.shards}: ${runs.length} runs are selected, and each shard wants one`);
  const companions = new Set(runs.flatMap((each) => Object.values(each.companions)));
  const all = new Set([...campaign.products, ...products.filter(({ name }) => companions.has(name))]);
  const runtimes = [...all].flatMap((each) =>
    each.runs === 'in-guest' ? [runtimeFor(each, campaign.runtime).name] : [],
  );
  if (runtimes.includes('docker'))
    throw new UsageFault('--runtime docker: a pod has no Docker; the same guests are plain processes with uml');
  const text = jobText({ ...job, jobs: campaign.jobs, needsRoot: runtimes.includes('namespace') });
  if (file === undefined) out(text.trimEnd());
  else {
    writeWhole(file, text);
    err(`manifest: ${file}`);
  }
  return 0;
}
