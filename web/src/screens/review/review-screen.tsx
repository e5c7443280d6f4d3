/** Review: hand a model in, watch it checked, work through its findings. */
import { lazy } from 'react'
import { useParams } from 'react-router-dom'

const ReviewDesk = lazy(async () => ({ default: (await import('./review-desk')).ReviewDesk }))
const SubmissionsPage = lazy(async () => ({ default: (await import('./submissions-page')).SubmissionsPage }))

export function ReviewScreen() {
  const { submission } = useParams()
  return submission ? <ReviewDesk key={submission} id={submission} /> : <SubmissionsPage />
}
