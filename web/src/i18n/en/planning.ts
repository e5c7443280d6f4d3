import type { Texts } from '../texts'
import type { planning as chinese } from '../zh/planning'

/** Texts of planning in English. */
export const planning: Texts<typeof chinese> = {
  planning: {
    none: 'No schemes yet',
    noneHint: 'Name schemes and their layers under [[schemes]] in park.toml; once published they can be compared.',
    base: 'As is',
    schemes: 'Schemes',
    mode: 'Way of comparing',
    side: 'Side by side',
    swipe: 'Swipe',
    flip: 'Flip',
    divider: 'Place of the swipe line',
    table: 'Comparison of schemes',
    indicator: 'Indicator',
    unit: 'Unit',
    limit: 'Limit',
    verdict: 'verdict',
    objects: '{{count}} objects, lit in the scene',
    markHint: 'The source of this limit is unverified: check the published text before citing it as law',
    decided: 'Chosen',
    undecided: 'Not decided yet',
    plot: 'Plot',
    noPlot: 'No plot is named ([plot] gid in park.toml): ratios cannot be computed',
    picture: 'Picture',
    csv: 'Table',
  },
  decision: {
    title: 'Decide',
    save: 'Save the choice',
    saved: '"{{name}}" is chosen',
    last: 'Last choice: {{name}} ({{by}}, {{at}})',
    scheme: 'Scheme',
    schemeMissing: 'Choose a scheme',
    reason: 'Reason',
    reasonMissing: 'Say why',
  },
}
