import { render } from 'solid-js/web';
import { App } from './app.tsx';
import './style/tokens.css';
import './style/base.css';
import './style/shell.css';
import './style/drawing.css';
import './style/routes.css';
import './style/why.css';
import './style/sections.css';
import './style/displays.css';
import './style/intake.css';
import './style/links.css';
import './style/planning.css';
import './style/records.css';
import './style/faceplate.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
render(() => <App />, root);
