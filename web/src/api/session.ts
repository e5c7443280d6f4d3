/** Who is signed in: asked once at the start, renewed by signing in and out. */
import { api, onUnauthorised, setCsrf } from './client'
import { startLive, stopLive } from './live'
import { Problem } from './problem'
import { clearResources } from './resource'
import { createStore, useStore } from './store'
import type { Session } from './types'

export interface SessionState {
  /** undefined: not asked yet; null: nobody. */
  session: Session | null | undefined
  error: Problem | null
}

export const sessionStore = createStore<SessionState>({ session: undefined, error: null })

function accept(session: Session): void {
  setCsrf(session.csrf)
  sessionStore.set({ session, error: null })
  if (session.permissions.includes('live.read')) startLive()
}

function forget(): void {
  stopLive()
  setCsrf('')
  clearResources()
  sessionStore.set({ session: null, error: null })
}

export async function loadSession(): Promise<void> {
  try {
    const session = await api.get<Session | null>('/session')
    if (session?.user) accept(session)
    else sessionStore.set({ session: null, error: null })
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem(0, 'client', String(error))
    if (problem.status === 401 || problem.status === 403) sessionStore.set({ session: null, error: null })
    else sessionStore.set({ session: null, error: problem })
  }
}

export async function signIn(username: string, password: string): Promise<void> {
  const answer = await api.post<Session | undefined>('/session', { username, password })
  accept(answer?.csrf ? answer : await api.get<Session>('/session'))
}

export async function signOut(): Promise<void> {
  try {
    await api.delete('/session')
  } finally {
    forget()
  }
}

onUnauthorised(() => {
  // Only a person who was signed in can lose it; a refused sign-in says so itself.
  if (sessionStore.get().session) forget()
})

export function useSession(): Session | null | undefined {
  return useStore(sessionStore, (state) => state.session)
}

export function usePermission(permission: string): boolean {
  return useStore(sessionStore, (state) => state.session?.permissions.includes(permission) ?? false)
}
