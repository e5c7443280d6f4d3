/** The card of what is chosen: a concept before the object from which it was reached. */
import { useFetchWhenIdle, useLater } from './later'
import { useStageState } from './stage-context'
import { useToast } from './toast'

const load = async () => {
  const [{ ConceptCard }, { ObjectCard }] = await Promise.all([import('./concept-card'), import('./object-card')])
  return { ConceptCard, ObjectCard }
}

/** `className`: of the place that the screen gives it; nothing is drawn where nothing is chosen. */
export function ChosenCard({ className }: { className: string | undefined }) {
  const concept = useStageState((state) => state.concept, null)
  const selected = useStageState((state) => state.selected, null)
  const { problem } = useToast()
  const cards = useLater(load, Boolean(concept ?? selected), problem)
  useFetchWhenIdle(load)
  if (!cards || (!concept && !selected)) return null
  const { ConceptCard, ObjectCard } = cards
  return <div className={className}>{concept ? <ConceptCard key={concept} gid={concept} /> : selected ? <ObjectCard key={selected} gid={selected} /> : null}</div>
}
