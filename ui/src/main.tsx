import '@mantine/core/styles.css';
import '@mantine/dates/styles.css';
import './shared/theme/tokens.css';
import './shared/theme/base.css';
import './shared/theme/mantine.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { Providers } from './app/Providers';
import { chooseBackend } from './backend/choose';
import { startI18n } from './i18n';
import { refuseDrops } from './shared/refuseDrops';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

const [backend, i18n] = await Promise.all([chooseBackend(), startI18n('ko')]);
refuseDrops();
createRoot(root).render(
  <Providers backend={backend} i18n={i18n}>
    <App />
  </Providers>,
);
