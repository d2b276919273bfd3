/**
 * An Indexed Job (batch/v1) that runs a campaign in shards, one a pod, each in a folder of its own on a volume that all share. Its types are those that the API publishes, so the compiler refuses a
 * field that it does not know.
 */
import type { Job } from 'kubernetes-types/batch/v1.d.ts';
import type { PodSpec, SecurityContext } from 'kubernetes-types/core/v1.d.ts';
import { stringify } from 'yaml';
import { shardScript } from './shard-script.ts';

export interface CampaignJob {
  readonly name: string;
  readonly image: string;
  /** A PersistentVolumeClaim that pods on several nodes may write to. */
  readonly claim: string;
  readonly shards: number;
  /** Runs side by side in a pod. */
  readonly jobs: number;
  /** Of the command line: `run` or `matrix`, and what was given with it. */
  readonly argv: readonly string[];
  /** Some guest is in namespaces of its machine, which takes root, /dev/net/tun and loop devices; others are plain processes. */
  readonly needsRoot: boolean;
}

export function jobManifest(campaign: CampaignJob): Job {
  const { name, shards } = campaign;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels: LABELS },
    spec: {
      completionMode: 'Indexed',
      completions: shards,
      parallelism: shards,
      // A pod that its node has lost is made anew, and goes on with its shard's journal.
      backoffLimitPerIndex: 3,
      maxFailedIndexes: shards,
      // Never two of one shard: they would write to one folder.
      podReplacementPolicy: 'Failed',
      podFailurePolicy: {
        rules: [
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          // An unexpected verdict and a wrong word stay what they are.
          { action: 'FailIndex', onExitCodes: { containerName: CONTAINER, operator: 'In', values: [1, 2] } },
        ],
      },
      template: { metadata: { labels: LABELS }, spec: pod(campaign) },
    },
  };
}

/** Long lines stay whole, and what YAML 1.1 would take for another type is quoted. */
export const jobText = (campaign: CampaignJob): string =>
  stringify(jobManifest(campaign), { lineWidth: 0, version: '1.1' });

function pod({ name, image, claim, shards, jobs, argv, needsRoot }: CampaignJob): PodSpec {
  const memory = `${512 * (jobs + 1)}Mi`;
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // Results are saved on SIGTERM, and guests come to their end.
    terminationGracePeriodSeconds: 60,
    securityContext: needsRoot
      ? { runAsUser: 0 }
      : {
          runAsNonRoot: true,
          runAsUser: USER,
          runAsGroup: USER,
          fsGroup: USER,
          seccompProfile: { type: 'RuntimeDefault' },
        },
    containers: [
      {
        name: CONTAINER,
        image,
        command: ['sh', '-c', shardScript, 'shard'],
        // $(NAME) would be a variable, and $$ is what a dollar is written as.
        args: argv.map((word) => word.replaceAll('$', '$$$$')),
        env: [
          { name: 'CAMPAIGN', value: `${VOLUME}/${name}` },
          { name: 'SHARDS', value: `${shards}` },
          // The memory of a guest is a file there, which it executes.
          { name: 'TMPDIR', value: '/tmp' },
          { name: 'HOME', value: '/tmp' },
        ],
        resources: { requests: { cpu: `${jobs}`, memory }, limits: { memory } },
        securityContext: needsRoot ? { privileged: true } : LEAST,
        volumeMounts: [
          { name: 'campaign', mountPath: VOLUME },
          { name: 'scratch', mountPath: '/tmp' },
        ],
      },
    ],
    volumes: [
      { name: 'campaign', persistentVolumeClaim: { claimName: claim } },
      { name: 'scratch', emptyDir: { medium: 'Memory' } },
    ],
  };
}

/** User-mode Linux is a process like another. */
const LEAST: SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
};

const CONTAINER = 'shard';
const VOLUME = '/campaign';
const USER = 1000;
const LABELS = { 'app.kubernetes.io/name': 'touchstone' };
