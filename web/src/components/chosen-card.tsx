/** The card of what is chosen: a concept before the object from which it was reached. */
import { ConceptCard } from './concept-card'
import { ObjectCard } from './object-card'
import { useStageState } from './stage-context'

/** `className`: of the place that the screen gives it; nothing is drawn where nothing is chosen. */
export function ChosenCard({ className }: { className: string | undefined }) {
  const concept = useStageState((state) => state.concept, null)
  const selected = useStageState((state) => state.selected, null)
  if (!concept && !selected) return null
  return <div className={className}>{concept ? <ConceptCard key={concept} gid={concept} /> : selected ? <ObjectCard key={selected} gid={selected} /> : null}</div>
}
