/**
 * Defects planted on purpose in what the kernel is told, so that a run on a real product can be seen to fail: each is a named pure
 * change of a rendering. What the intent says stays as it is; only the product is misled.
 */
import type { Defect } from '../kit/guest-product.ts';
import type { Rendering } from '../network.ts';
import { everything, familyOf } from '../prefix.ts';

export const linuxDefects: Readonly<Record<string, Defect<Rendering>>> = {
  'no-replay-window': {
    says: 'anti-replay is off (RFC 4303 3.4.3)',
    plant: onLines((line) =>
      isState(line)
        ? line
            .replace(/ replay-window \d+/, ' replay-window 0')
            .replace(/ replay-seq(-hi)? \d+/g, '')
            .replace(' flag esn', '')
        : line,
    ),
  },
  'narrow-replay-window': {
    says: 'the window is an eighth of what was asked for, and never more than eight packets',
    plant: onLines((line) =>
      line.replace(
        / replay-window (\d+)/,
        (_, window) => ` replay-window ${Math.min(8, Math.ceil(Number(window) / 8))}`,
      ),
    ),
  },
  'optional-inbound-template': {
    says: 'inbound policies take traffic that came without its SA (RFC 4301 5.2 step 4)',
    plant: onLines((line) =>
      /^xfrm policy add dir (in|fwd) /.test(line) ? line.replace('level required', 'level use') : line,
    ),
  },
  'no-inbound-policy': {
    says: 'nothing is asked of what arrives, in the clear or protected',
    plant: withoutLines((line) => /^xfrm policy add dir (in|fwd) /.test(line)),
  },
  'no-state-selectors': {
    says: 'an SA carries whatever arrives on it (RFC 4301 4.4.2.1)',
    plant: onLines((line) =>
      isState(line)
        ? line.replace(/ sel src .*?(?= encap| limit|$)/, '').replace(/ enc | aead /, ' flag af-unspec$&')
        : line,
    ),
  },
  'any-inner-source': {
    says: 'neither an SA nor an inbound policy asks where the inner packet comes from (RFC 4301 5.2 step 4)',
    plant: onLines((line) =>
      isState(line)
        ? line.replace(/ sel src .*?(?= encap| limit|$)/, '').replace(/ enc | aead /, ' flag af-unspec$&')
        : line.replace(
            /^(xfrm policy add dir (?:in|fwd) src) (\S+)(.* tmpl )/,
            (_, before, source, after) => `${before} ${everything(familyOf(source))}${after}`,
          ),
    ),
  },
  'reversed-policy-order': {
    says: 'the last entry of the SPD decides, not the first (RFC 4301 4.4.1)',
    plant: onLines((line) =>
      line.replace(/ priority (\d{4,})/, (_, priority) => ` priority ${9999 - Number(priority)}`),
    ),
  },
  'no-option-template': {
    says: 'policies let no home address option pass, though a state takes it (RFC 6275 9.3.1)',
    plant: onLines((line) => line.replace(/ tmpl (src \S+ dst \S+ )?proto hao mode ro level use/, '')),
  },
  'any-care-of-address': {
    says: 'a binding vouches for its home address wherever a packet comes from (RFC 6275 9.3.1)',
    plant: onLines((line) => (/ proto hao /.test(line) ? line.replace(/ coa \S+$/, ' coa ::') : line)),
  },
  'no-routing-header': {
    says: 'what is sent to a home address goes there, whatever the binding says (RFC 6275 9.3.2)',
    plant: onLines((line) => line.replace(/ tmpl proto route2 mode ro level use/, '')),
  },
  'options-in-clear': {
    says: 'a home address option passes in clear, whoever sends it (RFC 6275 9.3.1)',
    plant: ({ settings, lines }) => ({
      settings,
      lines: [
        ...lines,
        'xfrm state add src :: dst :: proto hao mode ro coa :: flag wildrecv',
        'xfrm policy add dir in src ::/0 dst ::/0 proto 17 priority 9000 action allow tmpl proto hao mode ro level use',
      ],
    }),
  },
  'home-address-of-no-flag': {
    says: 'the home address is an address like any other, so no routing header leads to it (RFC 6275 11.3.3)',
    plant: onLines((line) => line.replace(/ dev lo home nodad$/, ' dev lo nodad')),
  },
  'reverse-path-filter': {
    says: 'an IPv4 source that no route leads back to is dropped before IPsec sees it (RFC 3704); private networks alone have a route',
    plant: ({ settings, lines }) => ({
      settings: settings.map((setting) => (setting.path.endsWith('/rp_filter') ? { ...setting, value: '1' } : setting)),
      lines: lines.map((line) => line.replace('route add 0.0.0.0/0 ', 'route add 10.0.0.0/8 ')),
    }),
  },
  'esp-from-known-peers-only': {
    says: 'ESP is dropped unless it comes from the outer source the SA was made with (DUPONT C2 forbids this); all else passes',
    plant: ({ settings, lines }) => {
      const ends = [...new Set(lines.filter(isState).map((line) => line.split(' ')[4]!))];
      const families = Object.entries({ ipv4: '', ipv6: '-6 ' }).map(([family, options]) =>
        onlyFrom(
          ends.filter((end) => familyOf(end) === family),
          options,
        ),
      );
      return { settings, lines: [...lines, ...families.flat()] };
    },
  },
};

/** Routing rules ahead of the table of local addresses, which has to step back for them; a reset does not undo this, a reboot does. */
function onlyFrom(ends: readonly string[], options: string): string[] {
  if (ends.length === 0) return [];
  return [
    ...ends.map((end) => `${options}rule add pref 10 from ${end} lookup local`),
    `${options}rule add pref 20 iif eth0 ipproto 50 blackhole`,
    `${options}rule add pref 30 lookup local`,
    `${options}rule del pref 0`,
  ];
}

function onLines(change: (line: string) => string): Defect<Rendering>['plant'] {
  return ({ settings, lines }) => ({ settings, lines: lines.map(change) });
}

function withoutLines(unwanted: (line: string) => boolean): Defect<Rendering>['plant'] {
  return ({ settings, lines }) => ({ settings, lines: lines.filter((line) => !unwanted(line)) });
}

const isState = (line: string): boolean => line.startsWith('xfrm state add ');
