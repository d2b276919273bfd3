/**
 * The router between the links of a lab: a reference host that forwards, without policies of its own, always honest. It is the way between tester and tested,
 * and no party: what no router should pass on it passes on, so that the node under test is asked.
 */
import { Host, nodeRules } from '../../reference/host/host.ts';
import { seededEnv } from '../lab/entropy.ts';
import { HostStation } from '../lab/host-station.ts';
import type { Lab } from '../lab/lab.ts';
import type { NodeConfiguration } from '../lab/node.ts';

export function router(lab: Lab, configuration: NodeConfiguration): HostStation {
  const env = seededEnv(lab.seed, configuration.name);
  return new HostStation(lab, configuration, new Host({ configuration, env, rules }));
}

const rules = {
  ...nodeRules,
  host: { ...nodeRules.host, sourceAcceptable: () => true, mayBeForwarded: () => true },
};
