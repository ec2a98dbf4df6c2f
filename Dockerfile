# Production image of Sanad: the built server and its production packages, nothing else. It needs a PostgreSQL and a Redis
# beside it (docker-compose.yml shows the whole).

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Install scripts stay off: the compiler needs none, and what does not run cannot do harm.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json knexfile.ts ./
COPY src ./src
COPY migrations ./migrations
RUN npm run build

FROM node:20-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without development packages, and without the optional embedded database, which is for trying out only.
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM node:20-bookworm-slim
# HOST: inside a container 127.0.0.1 is the container itself.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY package.json ./
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# The one folder it writes to: fixed lines that were spoken once.
RUN install -d -o node -g node .sanad
USER node
EXPOSE 3000
STOPSIGNAL SIGTERM
# Ready means: a call could be served now.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`, { signal: AbortSignal.timeout(4000) }).then((r) => process.exit(r.status === 200 ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/src/main.js", "serve"]
