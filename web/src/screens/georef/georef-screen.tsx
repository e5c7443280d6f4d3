/** Where a layer's model stands: its sources on the park's plan, what contradicts, and another place for it. */
import { ArrowLeftOutlined } from '@ant-design/icons'
import { Button, Popconfirm } from 'antd'
import { useMemo, useState } from 'react'
import { Link, useParams } from 'react-router-dom'

import type { GeorefReport, LayerGeoref, Place, Placing } from '../../api/georef'
import { getGeoref, placeLayer, placeSubmission } from '../../api/georef'
import { refresh, useResource } from '../../api/resource'
import { useSession } from '../../api/session'
import { Empty, ErrorCard, Skeleton } from '../../components/states'
import { useToast } from '../../components/toast'
import { useText } from '../../i18n/use-text'
import { CandidateList } from './candidate-list'
import { moved, placingAt, placingOf, rectangle, ringInPark, turned } from './draft'
import { Checks, Contradictions } from './findings'
import styles from './georef-screen.module.css'
import { PlaceForm } from './place-form'
import { PlacingJob } from './placing-job'
import { PlanMap } from './plan-map'
import { sourceName } from './source-name'

const COLOURS = [1, 2, 4, 5, 6, 3].map((number) => `var(--series-${number})`)
const SUBMISSION_PREFIX = 'submission-'

export function GeorefScreen() {
  const { layer = '' } = useParams()
  const { t } = useText()
  const { data, error, reload } = useResource(`layers/${layer}/georef`, () => getGeoref(layer))
  if (error && !data) return <ErrorCard error={error} retry={reload} />
  if (!data) return <Skeleton rows={8} />
  const report = data.georef
  if (!isReport(report)) {
    return <Empty title={t('georef.none')} hint={t('georef.noneHint')} />
  }
  return <Desk key={`${data.layer}/${data.version}`} data={data} report={report} />
}

/** Layers built before the report was written, and layers of other kinds, have none. */
function isReport(report: LayerGeoref['georef']): report is GeorefReport {
  return Boolean(report?.candidates && report.extent && report.anchor && report.contradictions && report.checks)
}

function Desk({ data, report }: { data: LayerGeoref; report: GeorefReport }) {
  const { t, pick } = useText()
  const toast = useToast()
  const session = useSession()
  const [chosen, setChosen] = useState<string | null>(report.candidate)
  const [draft, setDraft] = useState<Place | null>(null)
  const [focus, setFocus] = useState(0)
  const [job, setJob] = useState<string | null>(data.job)
  const [busy, setBusy] = useState(Boolean(data.job))

  const colours = useMemo(
    () => new Map(report.candidates.filter((one) => one.landing).map((one, index) => [one.id, COLOURS[index % COLOURS.length] ?? ''])),
    [report],
  )
  const outlines = useMemo(
    () =>
      report.candidates.flatMap((one) =>
        one.landing
          ? [{ id: one.id, ring: ringInPark(data.origin, one.landing.ring, one.landing.height), colour: colours.get(one.id) ?? '', label: sourceName(one, t), used: one.used }]
          : [],
      ),
    [report, data.origin, colours, t],
  )
  const candidate = report.candidates.find((one) => one.id === chosen) ?? null
  const submission = data.layer.startsWith(SUBMISSION_PREFIX) ? data.layer.slice(SUBMISSION_PREFIX.length) : null
  const allowed = session?.permissions.includes(submission ? 'submission.create' : 'layer.publish') ?? false
  const blocked = !allowed ? t(submission ? 'georef.needsReviewer' : 'georef.needsPermission') : !data.kept ? t('georef.notKept', { source: data.source }) : null
  const changed = draft !== null || (candidate !== null && !candidate.used)

  const ask = (placing: Placing): void => {
    setBusy(true)
    const asked: Promise<{ job: string }> = submission ? placeSubmission(submission, placing) : placeLayer(data.layer, placing)
    asked.then(
      (answer) => setJob(answer.job),
      (problem: unknown) => {
        setBusy(false)
        toast.problem(problem)
      },
    )
  }
  const apply = (): void => {
    if (draft) ask(placingAt(draft, report))
    else if (candidate) ask(placingOf(candidate, report))
  }
  const choose = (id: string): void => {
    setChosen(id)
    setDraft(null)
    setFocus((count) => count + 1)
  }
  const start = (): void => {
    const from = candidate?.landing ?? report.candidates.find((one) => one.used)?.landing
    if (from) {
      setDraft(from.place)
      setFocus((count) => count + 1)
    }
  }
  const ended = (done: boolean): void => {
    setBusy(false)
    if (!done) return
    toast.done(t(submission ? 'georef.reviewed' : 'georef.placed', { title: pick(data.title, data.title_en) }))
    refresh(`layers/${data.layer}/georef`, 'scene', 'submissions')
  }

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <Link to={submission ? `/review/${submission}` : '/admin/layers'} aria-label={t(submission ? 'georef.backToReview' : 'georef.back')}>
          <ArrowLeftOutlined />
        </Link>
        <h1>{t('georef.title', { title: pick(data.title, data.title_en) })}</h1>
        <span>
          {data.source} · {pick(report.why.zh, report.why.en)}
        </span>
      </header>
      <PlanMap
        plan={data.plan}
        own={data.layer}
        outlines={outlines}
        draft={draft ? rectangle(data.origin, report, draft) : null}
        chosen={draft ? null : chosen}
        focus={focus}
        onChoose={choose}
        onMove={(dx, dy) => setDraft((place) => place && moved(data.origin, place, dx, dy))}
        onTurn={(degrees) => setDraft((place) => place && turned(data.origin, report, place, degrees))}
      />
      <aside className={`${styles.side} scroll`}>
        <section>
          <h2>{t('georef.sources')}</h2>
          <CandidateList candidates={report.candidates} colours={colours} chosen={draft ? null : chosen} onChoose={choose} />
        </section>
        <section>
          <h2>{t('georef.own')}</h2>
          <PlaceForm place={draft} disabled={busy} onStart={start} onChange={setDraft} />
        </section>
        <section>
          <h2>{t('georef.contradictions')}</h2>
          <Contradictions items={report.contradictions} />
        </section>
        <section>
          <h2>{t('georef.rules')}</h2>
          <Checks items={report.checks} />
        </section>
        {report.addresses.length > 0 ? (
          <section>
            <h2>{t('georef.addresses')}</h2>
            {report.addresses.map((address) => (
              <p key={address}>{address}</p>
            ))}
          </section>
        ) : null}
      </aside>
      <footer className={styles.foot}>
        {job ? <PlacingJob key={job} job={job} onEnd={ended} /> : <span className={styles.calm}>{blocked ?? t(submission ? 'georef.reviewHint' : 'georef.applyHint')}</span>}
        {Object.keys(data.placing).length > 0 ? (
          <Button disabled={busy || blocked !== null} onClick={() => ask({})}>
            {t('georef.automatic')}
          </Button>
        ) : null}
        <Popconfirm placement="topRight" title={t(submission ? 'georef.confirmReview' : 'georef.confirm')} onConfirm={apply} okText={t('georef.apply')} disabled={busy || blocked !== null || !changed}>
          <Button type="primary" disabled={busy || blocked !== null || !changed}>
            {t('georef.apply')}
          </Button>
        </Popconfirm>
      </footer>
    </div>
  )
}
