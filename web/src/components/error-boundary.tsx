/** Keeps a failure inside its frame: the part that threw shows an error card, the rest goes on. */
import { Component } from 'react'
import type { ReactNode } from 'react'

import { ErrorCard } from './states'

interface Properties {
  title?: string
  /** What trying again means; else the part is made anew. */
  retry?: () => void
  children: ReactNode
}

export class ErrorBoundary extends Component<Properties, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render() {
    const { error } = this.state
    if (!error) return this.props.children
    return <ErrorCard title={this.props.title} error={error} retry={this.props.retry ?? (() => this.setState({ error: null }))} />
  }
}
