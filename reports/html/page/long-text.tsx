/** Text that scrolls in a pane of its own, and is reached by keyboard for that. */
export function LongText({ class: name, children }: { readonly class: string; readonly children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <pre class={name} tabIndex={0}>
      {children}
    </pre>
  );
}
