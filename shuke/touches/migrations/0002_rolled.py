from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("touches", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="task",
            name="first_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="task",
            name="rolled",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
