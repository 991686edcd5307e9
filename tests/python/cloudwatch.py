"""`cloudwatch.py URL` prints what the CloudWatch at URL has received: each metric with its dimensions, count, sum, minimum and maximum."""

import datetime
import json
import sys

import boto3


def statistics(cloudwatch, name, dimensions):
    now = datetime.datetime.now(datetime.timezone.utc)
    day = datetime.timedelta(days=1)
    answer = cloudwatch.get_metric_statistics(
        Namespace="S3Benchmarks", MetricName=name, Dimensions=dimensions, StartTime=now - day, EndTime=now + day,
        Period=3600, Statistics=["SampleCount", "Sum", "Minimum", "Maximum"])
    points = answer["Datapoints"]
    return {
        "count": sum(point["SampleCount"] for point in points),
        "sum": sum(point["Sum"] for point in points),
        "minimum": min(point["Minimum"] for point in points),
        "maximum": max(point["Maximum"] for point in points),
        "units": sorted({point["Unit"] for point in points}),
    }


def main(url):
    cloudwatch = boto3.client("cloudwatch", endpoint_url=url, region_name="us-east-1")
    pages = cloudwatch.get_paginator("list_metrics").paginate()
    metrics = [metric for page in pages for metric in page["Metrics"]]
    # This fake lists a metric as often as it has received it.
    distinct = {json.dumps(metric, sort_keys=True): metric for metric in metrics}
    print(json.dumps([
        {
            "namespace": metric["Namespace"],
            "name": metric["MetricName"],
            "dimensions": {dimension["Name"]: dimension["Value"] for dimension in metric["Dimensions"]},
            **statistics(cloudwatch, metric["MetricName"], metric["Dimensions"]),
        }
        for metric in distinct.values()
    ]))


main(*sys.argv[1:])
