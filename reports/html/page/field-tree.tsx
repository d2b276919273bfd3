/** The fields of a dissection, each in its line. A structure inside another's payload begins at the margin again, under a heading of its own. */
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Dissection } from '../../../reference/wire/dissection.ts';
import type { Span } from './hex-pane.tsx';
import { revealIn } from './reveal.ts';

interface FieldTreeProps {
  readonly dissection: Dissection;
  readonly lit: Span | undefined;
  readonly pinned: Span | undefined;
  readonly framed: readonly Span[];
  readonly point: (span: Span | undefined) => void;
  readonly pin: (span: Span) => void;
}

export function FieldTree(props: FieldTreeProps) {
  const { dissection, lit, pinned, framed, point, pin } = props;
  const all = useMemo(() => linesOf(dissection), [dissection]);
  const [closed, setClosed] = useState<ReadonlySet<Line>>(
    () => new Set(all.filter((line) => isClosedAtFirst(line, framed, pinned))),
  );
  const tree = useRef<HTMLDivElement>(null);
  const lines = all.filter((line) => !isHidden(line, closed));
  useEffect(() => {
    revealIn(tree.current, '.pinned, .framed');
  }, [pinned?.start, pinned?.end, dissection]);
  const toggle = (line: Line) => {
    const next = new Set(closed);
    if (!next.delete(line)) next.add(line);
    setClosed(next);
  };
  const keyed = (event: JSX.TargetedKeyboardEvent<HTMLElement>, line: Line) => {
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      if (line.isGroup && closed.has(line) === (event.key === 'ArrowRight')) toggle(line);
    } else if (event.key === 'ArrowDown') (event.currentTarget.nextElementSibling as HTMLElement | null)?.focus();
    else if (event.key === 'ArrowUp') (event.currentTarget.previousElementSibling as HTMLElement | null)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="fields" role="tree" ref={tree} onMouseLeave={() => point(undefined)}>
      {lines.map((line) => (
        <button
          type="button"
          role="treeitem"
          aria-expanded={line.isGroup ? !closed.has(line) : undefined}
          aria-level={line.depth + 1}
          key={line.id}
          class={classOf(line, lit, pinned, framed)}
          style={{ paddingLeft: `${1.1 + line.depth * 0.9}rem` }}
          onMouseEnter={() => point(line)}
          onFocus={() => point(line)}
          onClick={() => (line.isGroup ? toggle(line) : pin({ start: line.start, end: line.end }))}
          onKeyDown={(event) => keyed(event, line)}
        >
          {line.isGroup && (
            <span class="twist" aria-hidden="true">
              {closed.has(line) ? '▸' : '▾'}
            </span>
          )}
          <span class="label">{line.label}</span> <span class="value">{line.value}</span>
          {line.remark && <span class="remark">{line.remark}</span>}
        </button>
      ))}
    </div>
  );
}

interface Line extends Span {
  readonly id: string;
  readonly depth: number;
  readonly label: string;
  readonly value: string;
  readonly remark: string | undefined;
  readonly isGroup: boolean;
  readonly isProtocol: boolean;
  readonly name: string;
  readonly parents: readonly Line[];
}

function linesOf(root: Dissection): Line[] {
  const lines: Line[] = [];
  add(root, 0, []);
  return lines;

  function add(node: Dissection, depth: number, parents: readonly Line[]): void {
    const inner = wrapped(node);
    if (inner) {
      add(inner, 0, []);
      return;
    }
    const isProtocol = protocols.has(node.name) && node.children.length > 0;
    if (isProtocol) addProtocol(node);
    else addGroup(node, depth, parents);
  }

  /** What stands behind an inner structure belongs to the outer one still, and gets its heading again. */
  function addProtocol(node: Dissection): void {
    let within: readonly Line[] = [];
    for (const child of node.children) {
      const isInner = wrapped(child) !== undefined;
      if (!isInner && within.length === 0) within = [push(node, 0, [], true)];
      add(child, 1, within);
      if (isInner) within = [];
    }
  }

  function addGroup(node: Dissection, depth: number, parents: readonly Line[]): void {
    const within = [...parents, push(node, depth, parents, false)];
    for (const bit of node.bits ?? [])
      push({ ...bit, start: node.start, end: node.end, children: [] }, depth + 1, within, false);
    for (const child of node.children) add(child, depth + 1, within);
  }

  function push(node: Dissection, depth: number, parents: readonly Line[], isProtocol: boolean): Line {
    const { name, label, value, remark, start, end } = node;
    const isGroup = node.children.length > 0;
    const line = {
      id: String(lines.length),
      depth,
      label,
      value,
      remark,
      isGroup,
      isProtocol,
      name,
      start,
      end,
      parents,
    };
    lines.push(line);
    return line;
  }
}

/** The structure that alone fills a payload. */
function wrapped({ children, start, end }: Dissection): Dissection | undefined {
  const [only, second] = children;
  if (!only || second || !protocols.has(only.name)) return undefined;
  return only.start === start && only.end === end ? only : undefined;
}

function isHidden(line: Line, closed: ReadonlySet<Line>): boolean {
  return line.parents.some((parent) => closed.has(parent));
}

/** The link layer is rarely what one came for. */
function isClosedAtFirst(line: Line, framed: readonly Span[], pinned: Span | undefined): boolean {
  if (line.name !== 'ethernet') return false;
  return ![...framed, ...(pinned ? [pinned] : [])].some((span) => span.start < ETHERNET_HEADER);
}

function classOf(line: Line, lit: Span | undefined, pinned: Span | undefined, framed: readonly Span[]): string {
  const same = (span: Span | undefined) => span !== undefined && span.start === line.start && span.end === line.end;
  const holds =
    lit !== undefined &&
    !line.isGroup &&
    line.start < lit.end &&
    lit.start < line.end &&
    lit.end - lit.start <= line.end - line.start;
  const decides = !line.isGroup && framed.some((span) => line.start >= span.start && line.end <= span.end);
  return [
    'field',
    line.isProtocol ? 'protocol' : '',
    same(lit) || holds ? 'lit' : '',
    same(pinned) ? 'pinned' : '',
    decides ? 'framed' : '',
    line.remark ? 'remarked' : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** Structures that stand on their own, not as part of what encloses them. */
const protocols: ReadonlySet<string> = new Set(
  'ethernet vlanTag pppoe ppp loopback linuxCooked linuxCooked2 arp ip ipv4 ipv6 udp tcp icmp icmpv6 mobility ah esp espPlaintext encapsulatedIke encapsulatedEsp keepalive ike payloads'.split(
    ' ',
  ),
);
const ETHERNET_HEADER = 14;
