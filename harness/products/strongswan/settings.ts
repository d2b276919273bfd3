/**
 * strongswan.conf(5) for a laboratory: few plugins and threads so that charon is up at once, short retransmissions, and nothing
 * that guesses: no roaming, cookies in a flood only and nobody blocked for one, no child that outlives its Delete for five seconds, and fragments of the sizes that
 * RFC 7383 2.5.1 recommends. What concerns one connection
 * is left to `render.ts`.
 */

import type { NodeConfiguration } from '../../lab/node.ts';

type Spis = NonNullable<NodeConfiguration['spis']>;

/** What does IPsec for charon: the plugin, if that is not the one that speaks with the kernel, and settings of plugins. */
export interface Backend {
  readonly plugin?: string;
  readonly threads: number;
  readonly settings: string;
}

export const kernelBackend: Backend = {
  threads: 8,
  settings: `
    kernel-netlink {
      roam_events = no
    }`,
};

/** Read whenever an SPI is wanted. */
export const spiSettings = ([first, last]: Spis): readonly string[] => [`spi_min = ${first}`, `spi_max = ${last}`];

export const strongswanConf = ({ plugin, threads, settings }: Backend, spis?: Spis): string => `charon-systemd {
  load = ${[
    'random nonce openssl aes ctr ccm xcbc cmac x509 pubkey pkcs1 pkcs8 pem hmac kdf constraints revocation addrblock',
    ...(plugin === undefined ? [] : [plugin]),
    'kernel-netlink socket-default vici eap-identity eap-md5 eap-mschapv2 eap-tls md4',
  ].join(' ')}
  threads = ${threads}
  cookie_threshold = 30
  cookie_threshold_ip = 1000
  block_threshold = 0
  half_open_timeout = 10
  retransmit_timeout = 0.5
  retransmit_base = 1.5
  retransmit_tries = 3
  delete_rekeyed_delay = 0
  send_vendor_id = no
  fragment_size = 0${(spis ? spiSettings(spis) : []).map((setting) => `\n  ${setting}`).join('')}
  syslog {
    daemon {
      default = -1
    }
  }
  journal {
    default = -1
  }
  filelog {
    charon {
      path = /run/charon.log
      append = yes
      flush_line = yes
      ike_name = yes
      default = 1
      ike = 2
      cfg = 2
      knl = 1
    }
  }
  plugins {${settings}
  }
}
`;

export const settingsPath = '/etc/strongswan.conf';

export const logPath = '/run/charon.log';

export const daemonPath = '/usr/sbin/charon-systemd';
