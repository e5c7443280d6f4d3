/** Review: hand a model in, watch it checked, work through its findings. */
import { useParams } from 'react-router-dom'

import { ReviewDesk } from './review-desk'
import { SubmissionsPage } from './submissions-page'

export function ReviewScreen() {
  const { submission } = useParams()
  return submission ? <ReviewDesk key={submission} id={submission} /> : <SubmissionsPage />
}
