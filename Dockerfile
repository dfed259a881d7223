# One image for every role: the command says which (see docker-compose.yml).
# Debian, because Temporal's core is built for glibc.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build

# The doubles of development: payment simulator and mail sink.
FROM build AS development
RUN mkdir /data && chown node:node /data
USER node

FROM node:20-bookworm-slim AS production-dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# Temporal's core comes for five platforms; only this one's is of use here.
RUN npm ci --omit=dev --no-audit --no-fund \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
     -not -name "$(uname -m)-unknown-linux-gnu" -exec rm -rf {} +

FROM node:20-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=production-dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
USER node
# No npm in between: SIGTERM must arrive. The workflows are bundled already.
CMD ["node", "dist/api/server.js"]
