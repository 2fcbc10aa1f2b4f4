import type { GatewaySetting, GatewayView } from '../types';
import { whole } from './limits';
import type { World } from './world';

export const gatewayView = ({ gateway }: World): GatewayView => ({
  setting: gateway,
  address: gateway.enabled ? `http://127.0.0.1:${gateway.port}` : null,
  tokenFile: '/home/desk/.local/share/app.nosmoke.desk/gateway.token',
  problem: null,
});

export function saveGateway(world: World, setting: GatewaySetting): GatewayView {
  whole(setting.port, 'port', 1_024, 65_535);
  world.gateway = setting;
  return gatewayView(world);
}
