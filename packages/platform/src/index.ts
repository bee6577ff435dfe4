// The reference platform library: capabilities that most platforms offer. Each export by name.
export { Autoscaling, type AutoscalingProps } from './autoscaling';
export { PublicRoute, type PublicRouteProps } from './public-route';
export { RedisCache, type RedisCacheProps } from './redis-cache';
