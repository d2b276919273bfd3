/** Keeps a fault in drawing one part from taking the page with it. */
import { Component, type ComponentChildren } from 'preact';

export class ErrorBoundary extends Component<{ children: ComponentChildren }, { fault?: string }> {
  static override getDerivedStateFromError(error: unknown) {
    return { fault: String(error) };
  }

  override render() {
    if (this.state.fault) return <p class="damage">This part could not be drawn: {this.state.fault}</p>;
    return this.props.children;
  }
}
