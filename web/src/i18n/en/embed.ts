import type { Texts } from '../texts'
import type { embed as chinese } from '../zh/embed'

/** Texts of embed tokens in English. */
export const embed: Texts<typeof chinese> = {
  embed: {
    hint: 'Tokens let other sites show the park: read-only, for some layers, pages and a time.',
    issue: 'Issue a token',
    none: 'No token was issued yet',
    noneHint: 'Put the token and its snippet into the page that shall show the park.',
    name: 'Purpose',
    nameHint: 'For example "home page of the company", to find and revoke it later.',
    nameMissing: 'Say what the token is for',
    layers: 'Layers',
    layersHint: 'None: all published layers.',
    allLayers: 'All',
    origins: 'Allowed origins',
    originsHint: 'For example https://www.example.org, then Enter; none: those of park.toml.',
    parkOrigins: 'Of park.toml',
    live: 'Live values',
    yes: 'Yes',
    no: 'No',
    days: 'Valid for days',
    daysHint: 'Empty: it never expires.',
    expires: 'Expires',
    never: 'Never',
    used: 'Last used',
    once: 'Token "{{name}}", shown only now',
    token: 'Token and snippet',
    revoke: 'Revoke',
    revokeAsk: 'Revoke "{{name}}"? Pages that use it stop showing the park at once.',
    revoked: '"{{name}}" revoked',
    state: { active: 'Active', expired: 'Expired', revoked: 'Revoked' },
  },
}
