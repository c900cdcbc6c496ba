import alerts from '@/modules/alerts'
import appbox from '@/modules/appbox'
import area from '@/modules/area'
import deskadmin from '@/modules/deskadmin'
import deskcalls from '@/modules/deskcalls'
import deskcases from '@/modules/deskcases'
import deskdemo from '@/modules/deskdemo'
import deskentry from '@/modules/deskentry'
import deskpeople from '@/modules/deskpeople'
import deskroster from '@/modules/deskroster'
import deskshell from '@/modules/deskshell'
import desksync from '@/modules/desksync'
import estate from '@/modules/estate'
import figures from '@/modules/figures'
import forces from '@/modules/forces'
import groups from '@/modules/groups'
import handovers from '@/modules/handovers'
import hotline from '@/modules/hotline'
import incidents from '@/modules/incidents'
import mailbox from '@/modules/mailbox'
import video from '@/modules/video'
import whistles from '@/modules/whistles'
import studies from '@/modules/studies'
import supervision from '@/modules/supervision'
import { createFace } from '@/shared/app/createFace'
import contact from '@/shared/contact/words'
import words from '@/shared/desk/words'
import chat from '@/shared/groups/words'
import handover from '@/shared/handovers/words'
import joined from '@/shared/joined/words'
import joint from '@/shared/joint/words'
import letter from '@/shared/mailbox/words'

import App from './App.vue'

createFace({
  root: App, base: '/desk', staff: true,
  modules: [words, chat, contact, handover, joined, joint, letter, deskshell, deskcases, whistles, incidents, deskcalls, deskentry, hotline, mailbox, groups, figures, studies, estate, appbox, area, supervision, video, handovers, deskroster, deskpeople, forces, deskadmin, desksync, deskdemo],
  modules: [words, chat, contact, handover, joined, joint, letter, deskshell, deskcases, whistles, deskcalls, deskentry, hotline, mailbox, groups, figures, studies, estate, appbox, area, supervision, video, handovers, deskroster, deskpeople, forces, deskadmin, desksync, deskdemo],
  modules: [words, chat, contact, handover, joined, joint, letter, deskshell, deskcases, whistles, deskcalls, deskentry, hotline, mailbox, groups, figures, alerts, estate, appbox, area, supervision, handovers, deskroster, deskpeople, forces, deskadmin, desksync, deskdemo],
  modules: [words, chat, contact, handover, joined, joint, letter, deskshell, deskcases, whistles, deskcalls, deskentry, hotline, mailbox, groups, figures, alerts, studies, estate, appbox, area, supervision, video, handovers, deskroster, deskpeople, forces, deskadmin, desksync, deskdemo],
})
