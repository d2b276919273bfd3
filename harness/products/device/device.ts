/**
 * A device: a product in a box of its own, at the end of a cable. It has no agent of ours, so that of all that a node under test can be asked only its configuration is left,
 * which a command of its vendor's brings about, or a person. Everything else is seen on the wire.
 */
import type { NodeConfiguration, NodeUnderTest } from '../../lab/node.ts';
import { Unsupported } from '../../lab/unsupported.ts';
import { configurationPage } from './page.ts';

/** What is told about a device, as its file has it. */
export interface DeviceDescription {
  readonly name: string;
  readonly version: string;
  /** The interface of this machine at whose cable the device is, and what the device calls its own end. */
  readonly interface: { readonly nic: string; readonly device: string };
  readonly expected?: 'lawful' | { readonly baseline: string } | undefined;
  readonly configure: Configuring;
  /** Undefined where it does all that the configuration asks. Pure. */
  unsupported(configuration: NodeConfiguration): string | undefined;
  /** The same in a language of configuration that the device knows; absent: it knows none of ours. */
  readonly inItsLanguage?: ((configuration: NodeConfiguration) => string) | undefined;
}

/** Seconds for the command; a person has an hour. */
export type Configuring =
  | { readonly by: 'command'; readonly command: readonly string[]; readonly folder: string; readonly within: number }
  | { readonly by: 'person' };

/** How a device comes to be configured so; resolves with what was said about it. Rejects with `HarnessFault`, or `Unsupported`. */
export type Configures = (told: Told) => Promise<string>;

export interface Told {
  /** With the device's own name for its interface. */
  readonly configuration: NodeConfiguration;
  /** For a person. */
  readonly page: string;
  readonly inItsLanguage?: string;
}

/** The device in one lab. */
export function deviceNode(device: DeviceDescription, configures: Configures): NodeUnderTest {
  let said = '';
  return {
    product: device.name,
    version: device.version,
    holdsUnseen: true,
    unsupported: device.unsupported,
    rendered: (configuration) => toldOf(device, configuration).page,
    ...withoutAgent(async (configuration) => {
      said = await configures(toldOf(device, configuration));
    }),
    log: async () => said,
    stop: async () => {},
  };
}

/** What is left of a node that nobody can ask anything: it is configured, once. */
export function withoutAgent(
  configure: (configuration: NodeConfiguration) => Promise<void>,
): Pick<NodeUnderTest, 'configure' | 'perform' | 'state'> {
  let isConfigured = false;
  return {
    configure: async (configuration) => {
      if (isConfigured) throw new Unsupported(noAgent('restart it in the middle of a case'));
      isConfigured = true;
      await configure(configuration);
    },
    perform: async ({ kind }) => ({ accepted: false, says: noAgent(`have it do \`${kind}\``), unsupported: true }),
    state: async () => {
      throw new Unsupported(noAgent('ask it for its state'));
    },
  };
}

export function toldOf(device: DeviceDescription, given: NodeConfiguration): Told {
  const configuration = namedAs(device.interface.device, given);
  const inItsLanguage = device.inItsLanguage?.(configuration);
  const page = configurationPage(device, configuration, inItsLanguage);
  return { configuration, page, ...(inItsLanguage !== undefined && { inItsLanguage }) };
}

/** Why a case is `unsupported` that needs more of its tested node than a configuration. */
export const noAgent = (what: string): string => `a device has no agent: nobody can ${what}`;

/** Its only interface by the device's own name. */
function namedAs(device: string, configuration: NodeConfiguration): NodeConfiguration {
  return {
    ...configuration,
    interfaces: configuration.interfaces.map((each) => ({ ...each, name: device })),
    routes: configuration.routes.map((each) => ({ ...each, interface: device })),
  };
}
