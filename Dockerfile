# syntax=docker/dockerfile:1
# The program alone on a small base: no shell, no package manager, not root.

FROM rust:1.95-slim-bookworm AS build
# ring and SQLite are compiled from C.
RUN apt-get update \
 && apt-get install -y --no-install-recommends gcc libc6-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY config config
COPY migrations migrations
COPY src src
# The benches are named in Cargo.toml but are no part of the program.
COPY benches benches
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin isms-bot \
 && install -D target/release/isms-bot /out/isms-bot \
 && install -d /out/data

# glibc, root certificates, a user named nonroot, and nothing else.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /out/isms-bot /usr/local/bin/isms-bot
COPY --from=build --chown=65532:65532 /out/data /data
# Where it runs when nothing else is said: SQLite on the volume, logs for collectors.
ENV ISMS_DATABASE__URL=sqlite:/data/isms-bot.sqlite \
    ISMS_LOG__FORMAT=json
WORKDIR /data
VOLUME /data
USER 65532:65532
# The port is on loopback inside the container; the check runs there too.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["/usr/local/bin/isms-bot", "health"]
ENTRYPOINT ["/usr/local/bin/isms-bot"]
CMD ["run"]
